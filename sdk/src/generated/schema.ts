// Written by `npm run generate` from the OpenAPI document of the service.
export interface components {
    schemas: {
        APIKey: {
            id: string;
            org_id: string;
            user_id: string;
            is_of_service_account: boolean;
            name: string;
            state: components["schemas"]["APIKeyState"];
            scopes: components["schemas"]["Scope"][];
            team_ids: string[];
            address_ranges: string[];
            expires_at: string;
            previous_until: string | null;
            last_used_at: string | null;
            last_used_address: string | null;
            created_by: string;
            updated_by: string;
            created_at: string;
            updated_at: string;
            revoked_at: string | null;
        };
        APIKeyPage: {
            items: components["schemas"]["APIKey"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        APIKeyState: "active" | "expired" | "revoked" | "ended";
        APIKeyUpdate: {
            name?: string;
            address_ranges?: string[];
            expires_at?: string;
        };
        APIKeyWithSecret: {
            id: string;
            org_id: string;
            user_id: string;
            is_of_service_account: boolean;
            name: string;
            state: components["schemas"]["APIKeyState"];
            scopes: components["schemas"]["Scope"][];
            team_ids: string[];
            address_ranges: string[];
            expires_at: string;
            previous_until: string | null;
            last_used_at: string | null;
            last_used_address: string | null;
            created_by: string;
            updated_by: string;
            created_at: string;
            updated_at: string;
            revoked_at: string | null;
            key: string;
        };
        Acceptance: {
            token: string;
            username?: string;
            password?: string;
            full_name?: string | null;
        };
        AccessToken: {
            access_token: string;
            /** @enum {string} */
            token_type: "bearer";
            expires_in: number;
            refresh_token: string;
            refresh_expires_in: number;
        };
        /** @enum {string} */
        ActorType: "user" | "api_key" | "operator";
        AddedPasskey: {
            passkey: components["schemas"]["Passkey"];
            recovery_codes: string[];
        };
        AgentConfiguration: {
            id: string;
            org_id: string;
            organization_id: string;
            team_id: string;
            name: string;
            description: string | null;
            agent_type: components["schemas"]["AgentType"];
            is_active: boolean;
            config: {
                [key: string]: unknown;
            };
            execution_timeout_seconds: number;
            max_retries: number;
            retry_delay_seconds: number;
            triggers: {
                [key: string]: unknown;
            } | unknown[];
            conditions: {
                [key: string]: unknown;
            } | unknown[];
            tags: string[];
            config_metadata: {
                [key: string]: unknown;
            };
            version: number;
            created_by: string | null;
            updated_by: string | null;
            created_at: string;
            updated_at: string;
            deleted_at: string | null;
            deleted_by: string | null;
        };
        /** @enum {string} */
        AgentConfigurationChange: "created" | "updated" | "rolled_back" | "deleted" | "restored";
        AgentConfigurationContent: {
            name: string;
            description: string | null;
            agent_type: components["schemas"]["AgentType"];
            is_active: boolean;
            config: {
                [key: string]: unknown;
            };
            execution_timeout_seconds: number;
            max_retries: number;
            retry_delay_seconds: number;
            triggers: {
                [key: string]: unknown;
            } | unknown[];
            conditions: {
                [key: string]: unknown;
            } | unknown[];
            tags: string[];
            config_metadata: {
                [key: string]: unknown;
            };
        };
        AgentConfigurationPage: {
            items: components["schemas"]["AgentConfiguration"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        AgentConfigurationUpdate: {
            name?: string;
            agent_type?: components["schemas"]["AgentType"];
            description?: string | null;
            is_active?: boolean;
            config?: {
                [key: string]: unknown;
            };
            execution_timeout_seconds?: number;
            max_retries?: number;
            retry_delay_seconds?: number;
            triggers?: {
                [key: string]: unknown;
            } | unknown[];
            conditions?: {
                [key: string]: unknown;
            } | unknown[];
            tags?: string[];
            config_metadata?: {
                [key: string]: unknown;
            };
            organization_id?: string;
            team_id?: string;
        };
        AgentConfigurationVersion: {
            config_id: string;
            version: number;
            change: components["schemas"]["AgentConfigurationChange"];
            snapshot: components["schemas"]["AgentConfigurationContent"];
            created_by: string | null;
            created_at: string;
        };
        AgentConfigurationVersionPage: {
            items: components["schemas"]["ListedAgentConfigurationVersion"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        AgentType: "incident_response" | "monitoring" | "analysis" | "notification" | "custom";
        Assertion: {
            id: string;
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            authenticatorAttachment?: string;
            clientExtensionResults?: Record<string, never>;
            response: {
                clientDataJSON: string;
                authenticatorData: string;
                signature: string;
                userHandle?: string | null;
                attestationObject?: string | null;
            };
        };
        AuditChainLink: {
            seq: number;
            previous: string;
            hash: string;
            recorded_at: string | null;
            entry: components["schemas"]["AuditEvent"];
        };
        AuditChainVerification: {
            ok: boolean;
            first_bad_seq: number | null;
            unlinked_event_id: string | null;
            verified_seq: number;
            complete: boolean;
            pruned: components["schemas"]["AuditCheckpoint"] | null;
        };
        AuditCheckpoint: {
            organization_id: string;
            seq: number;
            hash: string;
            signed_at: string;
            key_id: string;
            public_key: string;
            signature: string;
        };
        AuditEvent: {
            id: string;
            org_id: string;
            occurred_at: string;
            actor_type: components["schemas"]["ActorType"];
            actor_id: string | null;
            api_key_id: string | null;
            action: string;
            resource_type: string;
            resource_id: string;
            team_id: string | null;
            before: {
                [key: string]: unknown;
            } | null;
            after: {
                [key: string]: unknown;
            } | null;
            request_id: string | null;
            address: string | null;
        };
        AuditEventPage: {
            items: components["schemas"]["AuditEvent"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        AuditKey: {
            /** @constant */
            kty: "OKP";
            /** @constant */
            crv: "Ed25519";
            /** @constant */
            use: "sig";
            kid: string;
            x: string;
        };
        AuditKeys: {
            keys: components["schemas"]["AuditKey"][];
        };
        /** @enum {string} */
        ConfigurationChange: "created" | "updated" | "published" | "deprecated" | "archived" | "rolled_back" | "deleted" | "restored";
        ConfigurationContent: {
            name: string;
            description: string | null;
            priority: number;
            match: {
                name?: string;
                severity?: string;
                team?: string;
                labels?: {
                    [key: string]: string;
                };
            } | null;
            config: {
                [key: string]: unknown;
            };
        };
        ConfigurationDifference: {
            config_id: string;
            from: number;
            to: number;
            patch: components["schemas"]["PatchStep"][];
        };
        /** @enum {string} */
        ConfigurationLayer: "global" | "organization" | "team" | "alert";
        ConfigurationPage: {
            items: components["schemas"]["LayeredConfiguration"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        ConfigurationResolution: {
            team_id?: string;
            agent_config_id?: string;
            alert?: {
                name?: string;
                severity?: string;
                labels?: {
                    [key: string]: string;
                };
            };
            /** @enum {string} */
            include?: "secrets";
        };
        ConfigurationRollback: {
            to: number;
        };
        /** @enum {string} */
        ConfigurationState: "draft" | "active" | "deprecated" | "archived";
        ConfigurationUpdate: {
            name?: string;
            description?: string | null;
            priority?: number;
            match?: {
                name?: string;
                severity?: string;
                team?: string;
                labels?: {
                    [key: string]: string;
                };
            };
            config?: {
                [key: string]: unknown;
            };
        };
        ConfigurationVersion: {
            config_id: string;
            version: number;
            change: components["schemas"]["ConfigurationChange"];
            state: components["schemas"]["ConfigurationState"];
            snapshot: components["schemas"]["ConfigurationContent"];
            created_by: string | null;
            created_at: string;
        };
        ConfigurationVersionPage: {
            items: components["schemas"]["ListedConfigurationVersion"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        CreationOptions: {
            challenge: string;
            rp: {
                id: string;
                name: string;
            };
            user: {
                id: string;
                name: string;
                displayName: string;
            };
            pubKeyCredParams: {
                /** @enum {string} */
                type: "public-key";
                alg: number;
            }[];
            timeout: number;
            /** @enum {string} */
            attestation: "none";
            authenticatorSelection: {
                /** @enum {string} */
                residentKey: "preferred";
                /** @enum {string} */
                userVerification: "required";
            };
            excludeCredentials: {
                id: string;
                /** @enum {string} */
                type: "public-key";
                transports: string[];
            }[];
        };
        Decision: {
            note?: string | null;
        };
        EffectiveConfiguration: {
            effective: {
                [key: string]: unknown;
            };
            hash: string;
            explain: components["schemas"]["Explanation"][];
            skipped: components["schemas"]["SkippedConfiguration"][];
            deprecated: string[];
        };
        EmailProof: {
            token: string;
        };
        /** @enum {string} */
        ExplainedState: "set" | "deleted" | "replaced";
        Explanation: {
            pointer: string;
            value: unknown;
            state: components["schemas"]["ExplainedState"];
            from: components["schemas"]["SourceOfValue"];
            overrode: components["schemas"]["SourceOfValue"][];
        };
        FactorProof: {
            code?: string;
            passkey?: components["schemas"]["Assertion"];
        };
        Fault: {
            pointer: string;
            message: string;
        };
        FirstCode: {
            code: string;
        };
        ForgottenPassword: {
            email: string;
        };
        GroupMapping: {
            id: string;
            org_id: string;
            organization_id: string;
            external_group: string;
            team_id: string;
            role: components["schemas"]["TeamRole"];
            created_by: string;
            updated_by: string;
            created_at: string;
            updated_at: string;
        };
        GroupMappingPage: {
            items: components["schemas"]["GroupMapping"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        GroupMappingUpdate: {
            role: components["schemas"]["TeamRole"];
        };
        Incident: {
            id: string;
            org_id: string;
            organization_id: string;
            team_id: string;
            title: string;
            description: string | null;
            status: components["schemas"]["IncidentStatus"];
            priority: components["schemas"]["IncidentPriority"];
            assigned_to: string | null;
            tags: string[];
            incident_metadata: {
                [key: string]: unknown;
            };
            idempotency_key: string | null;
            version: number;
            started_at: string | null;
            resolved_at: string | null;
            closed_at: string | null;
            response_time_minutes: number | null;
            resolution_time_minutes: number | null;
            created_by: string | null;
            updated_by: string | null;
            created_at: string;
            updated_at: string;
            deleted_at: string | null;
            deleted_by: string | null;
        };
        IncidentEvent: {
            id: string;
            org_id: string;
            incident_id: string;
            type: components["schemas"]["IncidentEventType"];
            actor_id: string | null;
            comment: string | null;
            changes: {
                [key: string]: unknown;
            };
            created_at: string;
        };
        IncidentEventPage: {
            items: components["schemas"]["IncidentEvent"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        IncidentEventType: "created" | "updated" | "assigned" | "status_changed" | "reopened" | "commented" | "deleted" | "restored";
        /** @enum {string} */
        IncidentField: "id" | "org_id" | "organization_id" | "team_id" | "title" | "description" | "status" | "priority" | "assigned_to" | "tags" | "incident_metadata" | "idempotency_key" | "version" | "started_at" | "resolved_at" | "closed_at" | "response_time_minutes" | "resolution_time_minutes" | "created_by" | "updated_by" | "created_at" | "updated_at" | "deleted_at" | "deleted_by";
        IncidentPage: {
            items: components["schemas"]["Incident"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        IncidentPriority: "low" | "medium" | "high" | "critical";
        IncidentSelection: {
            id?: string;
            org_id?: string;
            organization_id?: string;
            team_id?: string;
            title?: string;
            description?: string | null;
            status?: components["schemas"]["IncidentStatus"];
            priority?: components["schemas"]["IncidentPriority"];
            assigned_to?: string | null;
            tags?: string[];
            incident_metadata?: {
                [key: string]: unknown;
            };
            idempotency_key?: string | null;
            version?: number;
            started_at?: string | null;
            resolved_at?: string | null;
            closed_at?: string | null;
            response_time_minutes?: number | null;
            resolution_time_minutes?: number | null;
            created_by?: string | null;
            updated_by?: string | null;
            created_at?: string;
            updated_at?: string;
            deleted_at?: string | null;
            deleted_by?: string | null;
        };
        IncidentSelectionPage: {
            items: components["schemas"]["IncidentSelection"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        IncidentSort: "-created_at" | "created_at" | "-updated_at" | "updated_at";
        /** @enum {string} */
        IncidentStatus: "open" | "in_progress" | "resolved" | "closed" | "cancelled";
        IncidentUpdate: {
            title?: string;
            description?: string | null;
            status?: components["schemas"]["IncidentStatus"];
            priority?: components["schemas"]["IncidentPriority"];
            assigned_to?: string | null;
            tags?: string[];
            incident_metadata?: {
                [key: string]: unknown;
            };
            organization_id?: string;
            team_id?: string;
        };
        Invitation: {
            id: string;
            org_id: string;
            organization_id: string;
            email: string;
            team_id: string;
            role: components["schemas"]["TeamRole"];
            state: components["schemas"]["InvitationState"];
            created_by: string;
            updated_by: string;
            created_at: string;
            updated_at: string;
            expires_at: string;
            accepted_at: string | null;
            accepted_by: string | null;
            revoked_at: string | null;
        };
        InvitationPage: {
            items: components["schemas"]["Invitation"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        InvitationState: "open" | "accepted" | "revoked" | "expired";
        LayeredConfiguration: {
            id: string;
            org_id: string;
            organization_id: string;
            layer: components["schemas"]["ConfigurationLayer"];
            team_id: string | null;
            name: string;
            description: string | null;
            priority: number;
            match: {
                name?: string;
                severity?: string;
                team?: string;
                labels?: {
                    [key: string]: string;
                };
            } | null;
            config: {
                [key: string]: unknown;
            };
            state: components["schemas"]["ConfigurationState"];
            version: number;
            created_by: string | null;
            updated_by: string | null;
            created_at: string;
            updated_at: string;
            deleted_at: string | null;
            deleted_by: string | null;
        };
        ListedAgentConfigurationVersion: {
            config_id: string;
            version: number;
            change: components["schemas"]["AgentConfigurationChange"];
            snapshot?: components["schemas"]["AgentConfigurationContent"];
            created_by: string | null;
            created_at: string;
        };
        ListedConfigurationVersion: {
            config_id: string;
            version: number;
            change: components["schemas"]["ConfigurationChange"];
            state: components["schemas"]["ConfigurationState"];
            snapshot?: components["schemas"]["ConfigurationContent"];
            created_by: string | null;
            created_at: string;
        };
        Login: {
            email: string;
            password: string;
        };
        /** @enum {string} */
        LoginMethod: "password" | "single_sign_on" | "passkey";
        Me: {
            id: string;
            email: string;
            username: string;
            full_name: string | null;
            role: components["schemas"]["TeamRole"];
            org_id: string;
            team_id: string | null;
            is_active: boolean;
            is_verified: boolean;
        };
        Message: {
            message: string;
        };
        NewAPIKey: {
            name: string;
            scopes: components["schemas"]["Scope"][];
            team_ids?: string[];
            address_ranges?: string[];
            expires_at?: string;
            service_account_id?: string;
        };
        NewAgentConfiguration: {
            name: string;
            agent_type: components["schemas"]["AgentType"];
            description?: string | null;
            is_active?: boolean;
            config?: {
                [key: string]: unknown;
            };
            execution_timeout_seconds?: number;
            max_retries?: number;
            retry_delay_seconds?: number;
            triggers?: {
                [key: string]: unknown;
            } | unknown[];
            conditions?: {
                [key: string]: unknown;
            } | unknown[];
            tags?: string[];
            config_metadata?: {
                [key: string]: unknown;
            };
            organization_id?: string;
            team_id?: string;
        };
        NewComment: {
            comment: string;
        };
        NewConfiguration: {
            layer: components["schemas"]["ConfigurationLayer"];
            name: string;
            team_id?: string | null;
            description?: string | null;
            priority?: number;
            match?: {
                name?: string;
                severity?: string;
                team?: string;
                labels?: {
                    [key: string]: string;
                };
            } | null;
            config?: {
                [key: string]: unknown;
            };
        };
        NewCredential: {
            id: string;
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            authenticatorAttachment?: string;
            clientExtensionResults?: Record<string, never>;
            response: {
                clientDataJSON: string;
                attestationObject: string;
                authenticatorData?: string;
                publicKey?: string;
                publicKeyAlgorithm?: number;
                transports?: string[];
            };
        };
        NewFactor: {
            current_password?: string;
        };
        NewGroupMapping: {
            external_group: string;
            team_id: string;
            role?: components["schemas"]["TeamRole"];
        };
        NewIncident: {
            title: string;
            description?: string | null;
            status?: components["schemas"]["IncidentStatus"];
            priority?: components["schemas"]["IncidentPriority"];
            assigned_to?: string | null;
            tags?: string[];
            incident_metadata?: {
                [key: string]: unknown;
            };
            idempotency_key?: string | null;
            organization_id?: string;
            team_id?: string;
        };
        NewInvitation: {
            email: string;
            team_id: string;
            role?: components["schemas"]["TeamRole"];
        };
        NewOrganization: {
            name: string;
            slug?: string;
            description?: string | null;
            is_active?: boolean;
            max_teams?: number;
            max_users_per_team?: number;
            mfa_required?: boolean;
        };
        NewPasskey: {
            name: string;
            credential: components["schemas"]["NewCredential"];
        };
        NewProposal: {
            base_version?: number;
            change: components["schemas"]["ProposedChange"];
            reason: string;
            evidence?: components["schemas"]["ProposalEvidence"];
            expires_in_hours?: number;
        };
        NewServiceAccount: {
            name: string;
            team_id: string;
            role?: components["schemas"]["TeamRole"];
        };
        NewStat: {
            metric_name: string;
            metric_type: string;
            value: number;
            count?: number;
            timestamp?: string;
            time_window?: string | null;
            labels?: {
                [key: string]: unknown;
            };
            description?: string | null;
            unit?: string | null;
            organization_id?: string;
            team_id?: string;
        };
        NewTeam: {
            name: string;
            organization_id?: string;
            slug?: string;
            description?: string | null;
            is_active?: boolean;
            permissions?: {
                [key: string]: unknown;
            };
        };
        NewTeamMember: {
            user_id: string;
            role: components["schemas"]["TeamRole"];
        };
        NewUser: {
            email: string;
            username: string;
            team_id: string;
            organization_id?: string;
            full_name?: string | null;
            avatar_url?: string | null;
            preferences?: {
                [key: string]: unknown;
            };
            is_active?: boolean;
            is_verified?: boolean;
            password?: string;
            role?: components["schemas"]["TeamRole"];
        };
        OIDCLogin: {
            authorization_url: string;
            state: string;
        };
        Operations: {
            signup: {
                body: components["schemas"]["Signup"];
                reply: components["schemas"]["AccessToken"];
            };
            login: {
                body: components["schemas"]["Login"];
                reply: components["schemas"]["AccessToken"];
            };
            verifyTotp: {
                body: components["schemas"]["SecondStepProof"];
                reply: components["schemas"]["AccessToken"];
            };
            refresh: {
                body: components["schemas"]["Refresh"];
                reply: components["schemas"]["AccessToken"];
            };
            getMe: {
                reply: components["schemas"]["Me"];
            };
            whoAmI: {
                reply: components["schemas"]["WhoAmI"];
            };
            switchOrganization: {
                body: components["schemas"]["Switch"];
                reply: components["schemas"]["AccessToken"];
            };
            logout: Record<string, never>;
            listSessions: {
                reply: components["schemas"]["SessionList"];
            };
            endSessions: Record<string, never>;
            endSession: {
                path: {
                    session_id: string;
                };
            };
            getUserInfo: {
                reply: components["schemas"]["UserInfo"];
            };
            getSecondFactor: {
                reply: components["schemas"]["SecondFactor"];
            };
            proposeTotp: {
                body: components["schemas"]["NewFactor"];
                reply: components["schemas"]["ProposedFactor"];
            };
            confirmTotp: {
                body: components["schemas"]["FirstCode"];
                reply: components["schemas"]["RecoveryCodes"];
            };
            removeTotp: {
                body: components["schemas"]["FactorProof"];
            };
            renewRecoveryCodes: {
                body: components["schemas"]["FactorProof"];
                reply: components["schemas"]["RecoveryCodes"];
            };
            proposePasskey: {
                body: components["schemas"]["NewFactor"];
                reply: components["schemas"]["CreationOptions"];
            };
            addPasskey: {
                body: components["schemas"]["NewPasskey"];
                reply: components["schemas"]["AddedPasskey"];
            };
            challengePasskey: {
                reply: components["schemas"]["RequestOptions"];
            };
            renamePasskey: {
                path: {
                    passkey_id: string;
                };
                body: components["schemas"]["PasskeyUpdate"];
                reply: components["schemas"]["Passkey"];
            };
            removePasskey: {
                path: {
                    passkey_id: string;
                };
                body: components["schemas"]["FactorProof"];
            };
            beginPasskeyLogin: {
                body: components["schemas"]["PasskeyChallenge"];
                reply: components["schemas"]["RequestOptions"];
            };
            finishPasskeyLogin: {
                body: components["schemas"]["PasskeyProof"];
                reply: components["schemas"]["AccessToken"];
            };
            listProviders: {
                reply: components["schemas"]["ProviderList"];
            };
            providerLogin: {
                path: {
                    provider: string;
                };
                reply: components["schemas"]["OIDCLogin"];
            };
            providerCallback: {
                path: {
                    provider: string;
                };
                query: {
                    code?: string;
                    state?: string;
                    iss?: string;
                    error?: string;
                };
                reply: components["schemas"]["AccessToken"];
            };
            providerLogout: {
                path: {
                    provider: string;
                };
                reply: components["schemas"]["ProviderLogout"];
            };
            forgotPassword: {
                body: components["schemas"]["ForgottenPassword"];
                reply: components["schemas"]["Message"];
            };
            resetPassword: {
                body: components["schemas"]["PasswordReset"];
            };
            sendEmailVerification: {
                reply: components["schemas"]["Message"];
            };
            verifyEmail: {
                body: components["schemas"]["EmailProof"];
            };
            createOrganization: {
                body: components["schemas"]["NewOrganization"];
                reply: components["schemas"]["Organization"];
            };
            listOrganizations: {
                reply: components["schemas"]["Organization"][];
            };
            getOrganization: {
                path: {
                    org_id: string;
                };
                reply: components["schemas"]["Organization"];
            };
            updateOrganization: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["OrganizationUpdate"];
                reply: components["schemas"]["Organization"];
            };
            createTeam: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewTeam"];
                reply: components["schemas"]["Team"];
            };
            listTeams: {
                path: {
                    org_id: string;
                };
                reply: components["schemas"]["Team"][];
            };
            getTeam: {
                path: {
                    team_id: string;
                };
                reply: components["schemas"]["Team"];
            };
            updateTeam: {
                path: {
                    team_id: string;
                };
                body: components["schemas"]["TeamUpdate"];
                reply: components["schemas"]["Team"];
            };
            deleteTeam: {
                path: {
                    team_id: string;
                };
            };
            listTeamMembers: {
                path: {
                    team_id: string;
                };
                query: {
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["TeamMemberPage"];
            };
            addTeamMember: {
                path: {
                    team_id: string;
                };
                body: components["schemas"]["NewTeamMember"];
                reply: components["schemas"]["TeamMember"];
            };
            updateTeamMember: {
                path: {
                    team_id: string;
                    user_id: string;
                };
                body: components["schemas"]["TeamMemberUpdate"];
                reply: components["schemas"]["TeamMember"];
            };
            removeTeamMember: {
                path: {
                    team_id: string;
                    user_id: string;
                };
                reply: components["schemas"]["Message"];
            };
            setOrganizationRole: {
                path: {
                    org_id: string;
                    user_id: string;
                };
                body: components["schemas"]["OrganizationRoleChange"];
                reply: components["schemas"]["User"];
            };
            transferOrganization: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["OwnershipTransfer"];
            };
            leaveOrganization: {
                path: {
                    org_id: string;
                };
            };
            createServiceAccount: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewServiceAccount"];
                reply: components["schemas"]["User"];
            };
            changePassword: {
                body: components["schemas"]["PasswordChange"];
            };
            createUser: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewUser"];
                reply: components["schemas"]["User"];
            };
            listUsers: {
                path: {
                    org_id: string;
                };
                query: {
                    q?: string;
                    limit?: number;
                    cursor?: string;
                    include_deleted?: boolean;
                };
                reply: components["schemas"]["UserPage"];
            };
            getUser: {
                path: {
                    user_id: string;
                };
                query: {
                    include_deleted?: boolean;
                };
                reply: components["schemas"]["User"];
            };
            updateUser: {
                path: {
                    user_id: string;
                };
                body: components["schemas"]["UserUpdate"];
                reply: components["schemas"]["User"];
            };
            deleteUser: {
                path: {
                    user_id: string;
                };
                reply: components["schemas"]["Message"];
            };
            restoreUser: {
                path: {
                    user_id: string;
                };
                reply: components["schemas"]["User"];
            };
            createInvitation: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewInvitation"];
                reply: components["schemas"]["Invitation"];
            };
            listInvitations: {
                path: {
                    org_id: string;
                };
                query: {
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["InvitationPage"];
            };
            getInvitation: {
                path: {
                    org_id: string;
                    invitation_id: string;
                };
                reply: components["schemas"]["Invitation"];
            };
            revokeInvitation: {
                path: {
                    org_id: string;
                    invitation_id: string;
                };
            };
            resendInvitation: {
                path: {
                    org_id: string;
                    invitation_id: string;
                };
                reply: components["schemas"]["Invitation"];
            };
            acceptInvitation: {
                body: components["schemas"]["Acceptance"];
                reply: components["schemas"]["User"];
            };
            createGroupMapping: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewGroupMapping"];
                reply: components["schemas"]["GroupMapping"];
            };
            listGroupMappings: {
                path: {
                    org_id: string;
                };
                query: {
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["GroupMappingPage"];
            };
            getGroupMapping: {
                path: {
                    org_id: string;
                    mapping_id: string;
                };
                reply: components["schemas"]["GroupMapping"];
            };
            updateGroupMapping: {
                path: {
                    org_id: string;
                    mapping_id: string;
                };
                body: components["schemas"]["GroupMappingUpdate"];
                reply: components["schemas"]["GroupMapping"];
            };
            deleteGroupMapping: {
                path: {
                    org_id: string;
                    mapping_id: string;
                };
            };
            createIncident: {
                path: {
                    team_id: string;
                };
                body: components["schemas"]["NewIncident"];
                reply: components["schemas"]["Incident"];
            };
            listIncidents: {
                path: {
                    team_id: string;
                };
                query: {
                    status?: components["schemas"]["IncidentStatus"];
                    priority?: components["schemas"]["IncidentPriority"];
                    since?: string;
                    assigned_to?: string;
                    tag?: string[];
                    q?: string;
                    include_deleted?: boolean;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["IncidentPage"];
            };
            listOrganizationIncidents: {
                path: {
                    org_id: string;
                };
                query: {
                    status?: components["schemas"]["IncidentStatus"];
                    priority?: components["schemas"]["IncidentPriority"];
                    since?: string;
                    assigned_to?: string;
                    tag?: string[];
                    q?: string;
                    include_deleted?: boolean;
                    tags?: string[];
                    updated_since?: string;
                    sort?: components["schemas"]["IncidentSort"];
                    fields?: components["schemas"]["IncidentField"][];
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["IncidentSelectionPage"];
            };
            getIncident: {
                path: {
                    incident_id: string;
                };
                query: {
                    include_deleted?: boolean;
                };
                reply: components["schemas"]["Incident"];
            };
            updateIncident: {
                path: {
                    incident_id: string;
                };
                body: components["schemas"]["IncidentUpdate"];
                reply: components["schemas"]["Incident"];
            };
            deleteIncident: {
                path: {
                    incident_id: string;
                };
                reply: components["schemas"]["Message"];
            };
            restoreIncident: {
                path: {
                    incident_id: string;
                };
                reply: components["schemas"]["Incident"];
            };
            listIncidentEvents: {
                path: {
                    incident_id: string;
                };
                query: {
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["IncidentEventPage"];
            };
            commentIncident: {
                path: {
                    incident_id: string;
                };
                body: components["schemas"]["NewComment"];
                reply: components["schemas"]["IncidentEvent"];
            };
            createAgentConfig: {
                path: {
                    team_id: string;
                };
                body: components["schemas"]["NewAgentConfiguration"];
                reply: components["schemas"]["AgentConfiguration"];
            };
            listAgentConfigs: {
                path: {
                    team_id: string;
                };
                query: {
                    agent_type?: components["schemas"]["AgentType"];
                    is_active?: boolean;
                    q?: string;
                    include_deleted?: boolean;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["AgentConfigurationPage"];
            };
            getAgentConfig: {
                path: {
                    config_id: string;
                };
                query: {
                    include_deleted?: boolean;
                    /** @enum {string} */
                    include?: "secrets";
                };
                reply: components["schemas"]["AgentConfiguration"];
            };
            updateAgentConfig: {
                path: {
                    config_id: string;
                };
                body: components["schemas"]["AgentConfigurationUpdate"];
                reply: components["schemas"]["AgentConfiguration"];
            };
            deleteAgentConfig: {
                path: {
                    config_id: string;
                };
                reply: components["schemas"]["Message"];
            };
            restoreAgentConfig: {
                path: {
                    config_id: string;
                };
                reply: components["schemas"]["AgentConfiguration"];
            };
            listAgentConfigVersions: {
                path: {
                    config_id: string;
                };
                query: {
                    /** @enum {string} */
                    include?: "snapshot";
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["AgentConfigurationVersionPage"];
            };
            getAgentConfigVersion: {
                path: {
                    config_id: string;
                    version: number;
                };
                reply: components["schemas"]["AgentConfigurationVersion"];
            };
            rollBackAgentConfig: {
                path: {
                    config_id: string;
                };
                body: components["schemas"]["Rollback"];
                reply: components["schemas"]["AgentConfiguration"];
            };
            createProposal: {
                path: {
                    config_id: string;
                };
                body: components["schemas"]["NewProposal"];
                reply: components["schemas"]["Proposal"];
            };
            listProposals: {
                path: {
                    config_id: string;
                };
                query: {
                    status?: components["schemas"]["ProposalStatus"];
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["ProposalPage"];
            };
            listOrganizationProposals: {
                path: {
                    org_id: string;
                };
                query: {
                    status?: components["schemas"]["ProposalStatus"];
                    waiting_for_me?: boolean;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["ProposalPage"];
            };
            getProposal: {
                path: {
                    proposal_id: string;
                };
                reply: components["schemas"]["Proposal"];
            };
            approveProposal: {
                path: {
                    proposal_id: string;
                };
                body: components["schemas"]["Decision"];
                reply: components["schemas"]["Proposal"];
            };
            rejectProposal: {
                path: {
                    proposal_id: string;
                };
                body: components["schemas"]["Decision"];
                reply: components["schemas"]["Proposal"];
            };
            withdrawProposal: {
                path: {
                    proposal_id: string;
                };
                reply: components["schemas"]["Proposal"];
            };
            createConfig: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewConfiguration"];
                reply: components["schemas"]["LayeredConfiguration"];
            };
            listConfigs: {
                path: {
                    org_id: string;
                };
                query: {
                    layer?: components["schemas"]["ConfigurationLayer"];
                    state?: components["schemas"]["ConfigurationState"];
                    team_id?: string;
                    include_deleted?: boolean;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["ConfigurationPage"];
            };
            getConfig: {
                path: {
                    configuration_id: string;
                };
                query: {
                    include_deleted?: boolean;
                    /** @enum {string} */
                    include?: "secrets";
                };
                reply: components["schemas"]["LayeredConfiguration"];
            };
            updateConfig: {
                path: {
                    configuration_id: string;
                };
                body: components["schemas"]["ConfigurationUpdate"];
                reply: components["schemas"]["LayeredConfiguration"];
            };
            deleteConfig: {
                path: {
                    configuration_id: string;
                };
            };
            restoreConfig: {
                path: {
                    configuration_id: string;
                };
                reply: components["schemas"]["LayeredConfiguration"];
            };
            publishConfig: {
                path: {
                    configuration_id: string;
                };
                reply: components["schemas"]["LayeredConfiguration"];
            };
            deprecateConfig: {
                path: {
                    configuration_id: string;
                };
                reply: components["schemas"]["LayeredConfiguration"];
            };
            archiveConfig: {
                path: {
                    configuration_id: string;
                };
                reply: components["schemas"]["LayeredConfiguration"];
            };
            listConfigVersions: {
                path: {
                    configuration_id: string;
                };
                query: {
                    /** @enum {string} */
                    include?: "snapshot";
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["ConfigurationVersionPage"];
            };
            getConfigVersion: {
                path: {
                    configuration_id: string;
                    version: number;
                };
                reply: components["schemas"]["ConfigurationVersion"];
            };
            diffConfig: {
                path: {
                    configuration_id: string;
                };
                query: {
                    from?: number;
                    to?: number;
                };
                reply: components["schemas"]["ConfigurationDifference"];
            };
            rollBackConfig: {
                path: {
                    configuration_id: string;
                };
                body: components["schemas"]["ConfigurationRollback"];
                reply: components["schemas"]["LayeredConfiguration"];
            };
            resolveConfigs: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["ConfigurationResolution"];
                reply: components["schemas"]["EffectiveConfiguration"];
            };
            getEffectiveConfig: {
                path: {
                    config_id: string;
                };
                query: {
                    /** @enum {string} */
                    include?: "secrets";
                };
                reply: components["schemas"]["EffectiveConfiguration"];
            };
            createStat: {
                path: {
                    team_id: string;
                };
                body: components["schemas"]["NewStat"];
                reply: components["schemas"]["Stat"];
            };
            listTeamStats: {
                path: {
                    team_id: string;
                };
                query: {
                    metric_name?: string;
                    metric_type?: string;
                    since?: string;
                    until?: string;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["StatPage"];
            };
            listOrganizationStats: {
                path: {
                    org_id: string;
                };
                query: {
                    metric_name?: string;
                    metric_type?: string;
                    since?: string;
                    until?: string;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["StatPage"];
            };
            getStat: {
                path: {
                    stats_id: string;
                };
                reply: components["schemas"]["Stat"];
            };
            deleteStat: {
                path: {
                    stats_id: string;
                };
                reply: components["schemas"]["Message"];
            };
            createApiKey: {
                path: {
                    org_id: string;
                };
                body: components["schemas"]["NewAPIKey"];
                reply: components["schemas"]["APIKeyWithSecret"];
            };
            listApiKeys: {
                path: {
                    org_id: string;
                };
                query: {
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["APIKeyPage"];
            };
            getApiKey: {
                path: {
                    key_id: string;
                };
                reply: components["schemas"]["APIKey"];
            };
            updateApiKey: {
                path: {
                    key_id: string;
                };
                body: components["schemas"]["APIKeyUpdate"];
                reply: components["schemas"]["APIKey"];
            };
            revokeApiKey: {
                path: {
                    key_id: string;
                };
            };
            rotateApiKey: {
                path: {
                    key_id: string;
                };
                body: components["schemas"]["Rotation"];
                reply: components["schemas"]["APIKeyWithSecret"];
            };
            listAuditEvents: {
                path: {
                    org_id: string;
                };
                query: {
                    actor_id?: string;
                    api_key_id?: string;
                    action?: string;
                    resource_type?: string;
                    resource_id?: string;
                    since?: string;
                    until?: string;
                    limit?: number;
                    cursor?: string;
                };
                reply: components["schemas"]["AuditEventPage"];
            };
            exportAuditEvents: {
                path: {
                    org_id: string;
                };
                query: {
                    after_seq?: number;
                };
                line: components["schemas"]["AuditChainLink"];
            };
            verifyAuditEvents: {
                path: {
                    org_id: string;
                };
                query: {
                    after_seq?: number;
                };
                reply: components["schemas"]["AuditChainVerification"];
            };
            getAuditCheckpoint: {
                path: {
                    org_id: string;
                };
                reply: components["schemas"]["AuditCheckpoint"];
            };
            getAuditKeys: {
                reply: components["schemas"]["AuditKeys"];
            };
        };
        Organization: {
            id: string;
            name: string;
            slug: string;
            description: string | null;
            is_active: boolean;
            max_teams: number;
            max_users_per_team: number;
            mfa_required: boolean;
            created_at: string;
            updated_at: string;
        };
        /** @enum {string} */
        OrganizationRole: "owner" | "admin" | "member";
        OrganizationRoleChange: {
            role: components["schemas"]["OrganizationRole"];
        };
        OrganizationUpdate: {
            name?: string;
            slug?: string;
            description?: string | null;
            is_active?: boolean;
            max_teams?: number;
            max_users_per_team?: number;
            mfa_required?: boolean;
        };
        OwnershipTransfer: {
            user_id: string;
        };
        Passkey: {
            id: string;
            name: string;
            created_at: string;
            last_used_at: string | null;
        };
        PasskeyChallenge: {
            mfa_token?: string;
        };
        PasskeyProof: {
            mfa_token?: string;
            passkey: components["schemas"]["Assertion"];
        };
        PasskeyUpdate: {
            name: string;
        };
        PasswordChange: {
            current_password?: string;
            new_password: string;
        };
        PasswordReset: {
            token: string;
            new_password: string;
        };
        /** @enum {string} */
        PatchOperation: "add" | "remove" | "replace";
        PatchStep: {
            op: components["schemas"]["PatchOperation"];
            path: string;
            value?: unknown;
        };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            code: string;
            request_id: string;
            mfa_token?: string;
            mfa_expires_in?: number;
            errors?: components["schemas"]["Fault"][];
        };
        Proposal: {
            id: string;
            org_id: string;
            config_id: string;
            team_id: string;
            base_version: number;
            change: components["schemas"]["ProposedChange"];
            reason: string;
            evidence: components["schemas"]["ProposalEvidence"];
            status: components["schemas"]["ProposalStatus"];
            proposed_by: string;
            api_key_id: string | null;
            created_at: string;
            expires_at: string;
            decided_by: string | null;
            decided_at: string | null;
            note: string | null;
            version: number | null;
        };
        ProposalEvidence: {
            incident_ids: string[];
            run_id: string | null;
        };
        ProposalPage: {
            items: components["schemas"]["Proposal"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /** @enum {string} */
        ProposalStatus: "open" | "approved" | "rejected" | "withdrawn" | "expired" | "stale";
        ProposedChange: {
            name?: string;
            agent_type?: components["schemas"]["AgentType"];
            description?: string | null;
            is_active?: boolean;
            config?: {
                [key: string]: unknown;
            };
            execution_timeout_seconds?: number;
            max_retries?: number;
            retry_delay_seconds?: number;
            triggers?: {
                [key: string]: unknown;
            } | unknown[];
            conditions?: {
                [key: string]: unknown;
            } | unknown[];
            tags?: string[];
            config_metadata?: {
                [key: string]: unknown;
            };
        };
        ProposedFactor: {
            otpauth_uri: string;
            secret: string;
        };
        ProviderList: {
            items: {
                name: string;
            }[];
        };
        ProviderLogout: {
            logout_url: string;
        };
        RecoveryCodes: {
            recovery_codes: string[];
        };
        Refresh: {
            refresh_token: string;
        };
        RequestOptions: {
            challenge: string;
            rpId: string;
            timeout: number;
            /** @enum {string} */
            userVerification: "required";
            allowCredentials: {
                id: string;
                /** @enum {string} */
                type: "public-key";
                transports: string[];
            }[];
        };
        Rollback: {
            to: number;
        };
        Rotation: {
            overlap_seconds?: number;
            expires_at?: string;
        };
        /** @enum {string} */
        Scope: "organization:read" | "incidents:read" | "incidents:write" | "incidents:delete" | "agent_configs:read" | "agent_configs:write" | "agent_configs:propose" | "configs:read" | "configs:write" | "stats:read" | "stats:write" | "stats:delete" | "alerts:ingest" | "audit:read" | "scim:write";
        SecondFactor: {
            totp_confirmed_at: string | null;
            passkeys: components["schemas"]["Passkey"][];
            recovery_codes_left: number;
        };
        SecondStepProof: {
            mfa_token: string;
            code: string;
        };
        Session: {
            id: string;
            org_id: string;
            method: components["schemas"]["LoginMethod"];
            second_factor: components["schemas"]["SessionFactor"];
            address: string | null;
            created_at: string;
            refreshed_at: string | null;
            expires_at: string;
            is_current: boolean;
        };
        /** @enum {string} */
        SessionFactor: "none" | "totp" | "recovery_code" | "passkey" | "single_sign_on";
        SessionList: {
            items: components["schemas"]["Session"][];
        };
        Signup: {
            email: string;
            password: string;
            username: string;
            full_name?: string | null;
            organization_name: string;
            team_name: string;
        };
        SkippedConfiguration: {
            config_id: string;
            why: string;
        };
        /** @enum {string} */
        SourceLayer: "global" | "organization" | "team" | "alert" | "agent";
        SourceOfValue: {
            layer: components["schemas"]["SourceLayer"];
            config_id: string;
            version: number;
        };
        Stat: {
            id: string;
            org_id: string;
            organization_id: string;
            team_id: string;
            metric_name: string;
            metric_type: string;
            value: number;
            count: number;
            timestamp: string;
            time_window: string | null;
            labels: {
                [key: string]: unknown;
            };
            description: string | null;
            unit: string | null;
            created_at: string;
            updated_at: string;
        };
        StatPage: {
            items: components["schemas"]["Stat"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        Switch: {
            organization_id: string;
        };
        Team: {
            id: string;
            org_id: string;
            organization_id: string;
            name: string;
            slug: string;
            description: string | null;
            is_active: boolean;
            permissions: {
                [key: string]: unknown;
            };
            created_by: string | null;
            updated_by: string | null;
            created_at: string;
            updated_at: string;
        };
        TeamMember: {
            user_id: string;
            role: components["schemas"]["TeamRole"];
            user: components["schemas"]["User"];
        };
        TeamMemberPage: {
            items: components["schemas"]["TeamMember"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        TeamMemberUpdate: {
            role: components["schemas"]["TeamRole"];
        };
        /** @enum {string} */
        TeamRole: "admin" | "member" | "viewer";
        TeamUpdate: {
            name?: string;
            organization_id?: string;
            slug?: string;
            description?: string | null;
            is_active?: boolean;
            permissions?: {
                [key: string]: unknown;
            };
        };
        User: {
            id: string;
            org_id: string;
            organization_id: string;
            team_id: string | null;
            role: components["schemas"]["TeamRole"];
            email: string;
            username: string;
            full_name: string | null;
            avatar_url: string | null;
            is_active: boolean;
            is_verified: boolean;
            is_service_account: boolean;
            preferences: {
                [key: string]: unknown;
            };
            created_by: string | null;
            updated_by: string | null;
            deleted_at: string | null;
            deleted_by: string | null;
            created_at: string;
            updated_at: string;
        };
        UserInfo: {
            sub: string;
            email: string;
            email_verified: boolean;
            preferred_username: string;
            name: string | null;
            org_id: string;
            roles: components["schemas"]["TeamRole"][];
        };
        UserPage: {
            items: components["schemas"]["User"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        UserUpdate: {
            email?: string;
            username?: string;
            full_name?: string | null;
            avatar_url?: string | null;
            preferences?: {
                [key: string]: unknown;
            };
            is_active?: boolean;
            is_verified?: boolean;
            password?: string;
            current_password?: string;
            role?: components["schemas"]["TeamRole"];
        };
        WhoAmI: {
            user_id: string;
            email: string;
            username: string;
            org_id: string;
            session_id: string | null;
            api_key_id: string | null;
            organizations: {
                id: string;
                role: components["schemas"]["OrganizationRole"];
            }[];
            teams: {
                id: string;
                org_id: string;
                role: components["schemas"]["TeamRole"];
            }[];
            scopes: string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
